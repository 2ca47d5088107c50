import { useNavigate, useParams, useRouteContext, useSearch } from '@tanstack/react-router';
import { AdministrationTexts } from '../../features/administration/administration-texts.tsx';
import { useMayAdminister } from '../../features/administration/use-may-administer.ts';
import { AdministrationView } from './administration-view.tsx';
import type { Place } from './place.ts';

/** Verwaltung of the open workspace, or of another one for who administers the installation. */
export function AdministrationPage() {
  const { me, workspace } = useRouteContext({ from: '/signed-in/w/$workspace' });
  const { section } = useParams({ from: '/signed-in/w/$workspace/administration/$section' });
  const search = useSearch({ from: '/signed-in/w/$workspace/administration/$section' });
  const navigate = useNavigate();
  const mayAdminister = useMayAdminister();
  const place: Place = {
    workspace,
    go: (name, next) =>
      navigate({
        to: '/w/$workspace/administration/$section',
        params: { workspace: workspace.id, section: name },
        search: next,
      }),
  };
  return (
    <AdministrationTexts>
      <AdministrationView me={me} place={place} section={section} search={search} mayAdminister={mayAdminister} />
    </AdministrationTexts>
  );
}
