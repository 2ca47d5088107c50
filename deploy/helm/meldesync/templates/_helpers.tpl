{{/* The release's name, at most so long that a role fits behind it. */}}
{{- define "meldesync.name" -}}
{{- if contains "meldesync" .Release.Name -}}
{{ .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else -}}
{{ printf "%s-meldesync" .Release.Name | trunc 40 | trimSuffix "-" }}
{{- end -}}
{{- end -}}

{{/* What never changes of a role: a dict of `root` and `role`. */}}
{{- define "meldesync.selector" -}}
app.kubernetes.io/name: meldesync
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .role }}
{{- end -}}

{{- define "meldesync.labels" -}}
{{ include "meldesync.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "meldesync.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{/* A value as the text that an environment holds: helm reads whole numbers as fractions. */}}
{{- define "meldesync.text" -}}
{{- if and (kindIs "float64" .) (eq (floor .) .) -}}
{{ int64 . }}
{{- else -}}
{{ toString . }}
{{- end -}}
{{- end -}}

{{/* Which setting of a role is which key of its Secret, as YAML: `SETTING: key`. */}}
{{- define "meldesync.secrets" -}}
{{- $keys := .root.Values.secrets.keys -}}
{{- $all := dict
  "node" (dict "DATABASE_URL" $keys.appDatabaseUrl "AUTH_DATABASE_URL" $keys.authDatabaseUrl "REDIS_URL" $keys.redisUrl "AUTH_SECRET" $keys.authSecret
    "AUTH_SECRET_PREVIOUS" $keys.authSecretPrevious "LOCK_REDIS_URLS" $keys.lockRedisUrls "OIDC_CLIENT_SECRET" $keys.oidcClientSecret)
  "relay" (dict "DATABASE_URL" $keys.relayDatabaseUrl "REDIS_URL" ($keys.relayRedisUrl | default $keys.redisUrl))
  "worker" (dict "DATABASE_URL" $keys.workerDatabaseUrl "REDIS_URL" ($keys.workerRedisUrl | default $keys.redisUrl) "AUDIT_SIGNING_KEY" $keys.auditSigningKey)
  "migrate" (dict "DATABASE_URL" $keys.ownerDatabaseUrl "APP_DB_PASSWORD" $keys.appDbPassword "AUTH_DB_PASSWORD" $keys.authDbPassword
    "WORKER_DB_PASSWORD" $keys.workerDbPassword "RELAY_DB_PASSWORD" $keys.relayDbPassword "AUDITOR_DB_PASSWORD" $keys.auditorDbPassword) -}}
{{- range $setting, $key := index $all .role }}
{{- if $key }}
{{ $setting }}: {{ $key }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "meldesync.secretEnvironment" -}}
{{- range $setting, $key := include "meldesync.secrets" . | fromYaml }}
- name: {{ $setting }}_FILE
  value: /run/secrets/meldesync/{{ $key }}
{{- end }}
{{- with .root.Values.certificateAuthority }}
{{- if .configMap }}
- name: NODE_EXTRA_CA_CERTS
  value: /etc/meldesync/{{ .key }}
{{- end }}
{{- end }}
{{- with include "meldesync.archive" . }}
- name: AUDIT_ARCHIVE_FOLDER
  value: {{ . }}
{{- end }}
{{- end -}}

{{/* Where a worker archives what retention takes out of the database. */}}
{{- define "meldesync.archive" -}}
{{- if and (eq .role "worker") .root.Values.worker.archive.claim -}}
/var/lib/meldesync/archive
{{- end -}}
{{- end -}}

{{- define "meldesync.mounts" -}}
- name: tmp
  mountPath: /tmp
- name: secrets
  mountPath: /run/secrets/meldesync
  readOnly: true
{{- if .root.Values.certificateAuthority.configMap }}
- name: certificate-authority
  mountPath: /etc/meldesync
  readOnly: true
{{- end }}
{{- with include "meldesync.archive" . }}
- name: archive
  mountPath: {{ . }}
{{- end }}
{{- end -}}

{{/* A dict of `root`, `role` and `secret`, the name of the Secret. */}}
{{- define "meldesync.volumes" -}}
- name: tmp
  emptyDir: { medium: Memory, sizeLimit: 64Mi }
- name: secrets
  projected:
    defaultMode: 0440
    sources:
      - secret:
          name: {{ .secret }}
          items:
            {{- range $setting, $key := include "meldesync.secrets" . | fromYaml }}
            - { key: {{ $key }}, path: {{ $key }} }
            {{- end }}
{{- with .root.Values.certificateAuthority }}
{{- if .configMap }}
- name: certificate-authority
  configMap: { name: {{ .configMap }} }
{{- end }}
{{- end }}
{{- if include "meldesync.archive" . }}
- name: archive
  persistentVolumeClaim: { claimName: {{ .root.Values.worker.archive.claim }} }
{{- end }}
{{- end -}}

{{/* PodSecurity `restricted`. */}}
{{- define "meldesync.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "meldesync.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}
