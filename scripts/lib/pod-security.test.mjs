import { expect, it } from 'vitest';
import { podSecurityProblems } from './pod-security.mjs';

/** @returns {import('./pod-security.mjs').PodSpec} one that holds to everything */
const restricted = () => ({
  securityContext: { runAsNonRoot: true, runAsUser: 10_001, seccompProfile: { type: 'RuntimeDefault' } },
  volumes: [{ name: 'tmp', emptyDir: {} }],
  containers: [
    {
      name: 'node',
      ports: [{}],
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
    },
  ],
});

it('a pod that holds to the standard has no problem', () => {
  expect(podSecurityProblems(restricted())).toEqual([]);
});

it('each rule that a pod breaks is said', () => {
  expect(podSecurityProblems({ ...restricted(), hostNetwork: true })).toEqual(['shares what is the host’s']);
  expect(podSecurityProblems({ ...restricted(), volumes: [{ name: 'x', hostPath: {} }] })).toEqual([
    'has a volume of the kind hostPath',
  ]);
  expect(podSecurityProblems({ containers: [{ name: 'node', ports: [{ hostPort: 80 }] }] })).toEqual([
    'may run as root',
    'has no seccomp profile',
    'node may gain rights',
    'node keeps capabilities',
    'node takes a port of the host',
    'node may write to its image',
  ]);
});
