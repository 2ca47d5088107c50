import { type AdministrationApi, createAdministrationApi } from '@meldesync/client';
import type { AdministeredWorkspace } from '@meldesync/protocol';
import type { CliContext, GlobalOptions } from '../context.ts';
import { openService, type Service } from '../session/service.ts';
import { chooseWorkspace } from '../session/workspace.ts';
import { withReauthentication } from './reauthentication.ts';

/** A server at which somebody who administers is signed in. */
export interface AdminService extends Service {
  readonly admin: AdministrationApi;
}

/** The same, in a workspace that they administer. */
export interface AdminWorkspace extends AdminService {
  readonly workspace: AdministeredWorkspace;
}

/** Signs in as every command does; what asks for the password again is given it, where somebody is there to ask. */
export async function openAdmin(context: CliContext, options: GlobalOptions): Promise<AdminService> {
  const service = await openService(context, options);
  const fetch = withReauthentication(context, service);
  const { language } = context;
  return { ...service, fetch, admin: createAdministrationApi({ baseUrl: service.access.server, fetch, language }) };
}

/** Settles on a workspace among those that the person administers; of an administrator of the installation, all there are. */
export async function openAdminWorkspace(context: CliContext, options: GlobalOptions): Promise<AdminWorkspace> {
  const service = await openAdmin(context, options);
  const { workspace: wanted } = service.access;
  return { ...service, workspace: chooseWorkspace(await service.admin.workspaces(), wanted) };
}
