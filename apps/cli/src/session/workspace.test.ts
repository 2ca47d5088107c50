import { describe, expect, it } from 'vitest';
import { chooseWorkspace, findWorkspace } from './workspace.ts';

const genetics = { id: '6f1d3c9e-0000-4000-8000-000000000001', name: 'Humangenetik', role: 'editor' } as const;
const oncology = { id: '6f1d3c9e-0000-4000-8000-000000000002', name: 'Onkologie', role: 'viewer' } as const;
const twin = { id: '6f1d3c9e-0000-4000-8000-000000000003', name: 'Onkologie', role: 'viewer' } as const;

describe('the workspace of a call', () => {
  it('is the only one', () => {
    expect(chooseWorkspace([genetics], undefined)).toBe(genetics);
  });

  it('is found by name, whatever its capitals, and by id', () => {
    expect(chooseWorkspace([genetics, oncology], 'humangenetik')).toBe(genetics);
    expect(chooseWorkspace([genetics, oncology], oncology.id.toUpperCase())).toBe(oncology);
  });

  it.each([
    [[], undefined, { key: 'noWorkspace' }],
    [[genetics, oncology], undefined, { key: 'workspaceAmbiguous', params: { names: 'Humangenetik, Onkologie' } }],
    [[genetics], 'Pathologie', { key: 'workspaceUnknown', params: { name: 'Pathologie', names: 'Humangenetik' } }],
  ])('of %j with %j is refused', (memberships, wanted, error) => {
    expect(() => chooseWorkspace(memberships, wanted)).toThrowError(expect.objectContaining(error));
  });

  it('names ids where names do not tell them apart', () => {
    const names = `Onkologie (${oncology.id}), Onkologie (${twin.id})`;
    expect(() => chooseWorkspace([oncology, twin], 'Onkologie')).toThrowError(
      expect.objectContaining({ key: 'workspaceAmbiguous', params: { names } }),
    );
  });

  it('may be left open', () => {
    expect(findWorkspace([genetics, oncology], undefined)).toBeUndefined();
    expect(findWorkspace([genetics], undefined)).toBe(genetics);
  });
});
