export * from './checkpoint.ts';
export * from './entry.ts';
export { jsonbArray, jsonbText, NotJson } from './jsonb-text.ts';
export { NO_LINK, type Seal, sealLink, sealText } from './seal.ts';
export { type TextLine, textLines } from './text-lines.ts';
export { inclusionProof, proofWithin, rootOfProof, TreeRoot, treeLevels, treeRoot } from './tree.ts';
export { ERASED_CONTENT } from './verify/check-batch.ts';
export { FINDING_KINDS, type Finding, type FindingKind, type NamedEntry } from './verify/finding.ts';
export type { LooseEntry, StoredEntry, StoredLeaf, Trail } from './verify/trail.ts';
export {
  BrokenExport,
  type ExportOptions,
  type ExportVerdict,
  type KnownLeaf,
  type LeafLookup,
  verifyExport,
} from './verify/verify-export.ts';
export { type Verdict, type VerifyOptions, verifyTrail } from './verify/verify-trail.ts';
