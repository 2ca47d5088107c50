/**
 * @typedef {object} Container
 * @property {string} name
 * @property {{ allowPrivilegeEscalation?: boolean, privileged?: boolean, readOnlyRootFilesystem?: boolean, capabilities?: { add?: string[], drop?: string[] } }} [securityContext]
 * @property {{ hostPort?: number }[]} [ports]
 */
/**
 * @typedef {object} PodSpec
 * @property {Container[]} containers
 * @property {Container[]} [initContainers]
 * @property {Record<string, unknown>[]} [volumes]
 * @property {boolean} [hostNetwork]
 * @property {boolean} [hostPID]
 * @property {boolean} [hostIPC]
 * @property {{ runAsNonRoot?: boolean, runAsUser?: number, seccompProfile?: { type?: string } }} [securityContext]
 */

/** Volumes that `restricted` allows. */
const VOLUMES = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);

/**
 * What of a pod breaks the Pod Security Standard `restricted`, and our own rule that nothing of the image is written.
 * @param {PodSpec} spec
 * @returns {string[]}
 */
export function podSecurityProblems(spec) {
  const { securityContext: pod = {}, volumes = [], containers, initContainers = [] } = spec;
  const problems = [];
  if (spec.hostNetwork || spec.hostPID || spec.hostIPC) problems.push('shares what is the host’s');
  if (pod.runAsNonRoot !== true || pod.runAsUser === 0) problems.push('may run as root');
  if (!['RuntimeDefault', 'Localhost'].includes(pod.seccompProfile?.type ?? ''))
    problems.push('has no seccomp profile');
  for (const volume of volumes) {
    const kind = Object.keys(volume).find((key) => key !== 'name') ?? 'none';
    if (!VOLUMES.has(kind)) problems.push(`has a volume of the kind ${kind}`);
  }
  for (const { name, securityContext: own = {}, ports = [] } of [...containers, ...initContainers]) {
    if (own.allowPrivilegeEscalation !== false || own.privileged) problems.push(`${name} may gain rights`);
    if (!own.capabilities?.drop?.includes('ALL') || own.capabilities.add) problems.push(`${name} keeps capabilities`);
    if (ports.some(({ hostPort }) => hostPort !== undefined)) problems.push(`${name} takes a port of the host`);
    if (own.readOnlyRootFilesystem !== true) problems.push(`${name} may write to its image`);
  }
  return problems;
}
