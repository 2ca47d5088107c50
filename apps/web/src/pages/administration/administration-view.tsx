import type { Me } from '@meldesync/protocol';
import { IconLock } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { workspacesQuery } from '../../features/administration/administration-queries.ts';
import {
  type AdministrationSearch,
  INSTALLATION_SECTIONS,
  isOfWorkspace,
  type SectionName,
  sectionName,
  WORKSPACE_SECTIONS,
} from '../../features/administration/section-names.ts';
import { StatePage } from '../../ui/state-page.tsx';
import { NotFoundPage } from '../not-found-page.tsx';
import classes from './administration.module.css';
import type { Place } from './place.ts';
import { Section } from './section-content.tsx';
import { SectionLink } from './section-link.tsx';

interface AdministrationViewProps {
  readonly me: Me;
  readonly place: Place;
  /** As the address says it. */
  readonly section: string;
  readonly search: AdministrationSearch;
  /** Whether the open workspace, or the installation, may be administered. */
  readonly mayAdminister: boolean;
}

/** The sections of Verwaltung at the side, and the one that is open. */
export function AdministrationView({ me, place, section, search, mayAdminister }: AdministrationViewProps) {
  const t = useTranslations('administration');
  const name = sectionName(section);
  if (!mayAdminister)
    return <StatePage icon={<IconLock size={24} />} title={t('forbiddenTitle')} text={t('forbiddenText')} />;
  if (!name) return <NotFoundPage />;
  return <Open me={me} place={place} name={name} search={search} />;
}

interface OpenProps extends Pick<AdministrationViewProps, 'me' | 'place' | 'search'> {
  readonly name: SectionName;
}

function Open({ me, place, name, search }: OpenProps) {
  const t = useTranslations('administration');
  const administered = useAdministered(place, search.of);
  const isInstallationAdmin = me.user.isInstallationAdmin === true;
  const of: AdministrationSearch =
    administered && administered.id !== place.workspace?.id ? { of: administered.id } : {};
  const mayOpen = isOfWorkspace(name) ? administered !== null : isInstallationAdmin;
  return (
    <div className={classes.page}>
      <title>{`${t(`names.${name}`)} · ${t('title')} · MeldeSync`}</title>
      <nav className={classes.nav} aria-label={t('sections')}>
        {administered ? (
          <section className={classes.group} aria-labelledby="administered-workspace">
            <h2 id="administered-workspace" className={classes.groupTitle}>
              {administered.name}
            </h2>
            <div className={classes.links}>
              {WORKSPACE_SECTIONS.map((one) => (
                <SectionLink key={one} place={place} section={one} search={of} isCurrent={one === name}>
                  {t(`names.${one}`)}
                </SectionLink>
              ))}
              {of.of !== undefined && place.workspace ? (
                <SectionLink
                  place={place}
                  section={isOfWorkspace(name) ? name : 'members'}
                  search={{}}
                  isCurrent={false}
                >
                  {t('backTo', { workspace: place.workspace.name })}
                </SectionLink>
              ) : null}
            </div>
          </section>
        ) : null}
        {isInstallationAdmin ? (
          <section className={classes.group} aria-labelledby="administered-installation">
            <h2 id="administered-installation" className={classes.groupTitle}>
              {t('installation')}
            </h2>
            <div className={classes.links}>
              {INSTALLATION_SECTIONS.map((one) => (
                <SectionLink key={one} place={place} section={one} search={of} isCurrent={one === name}>
                  {t(`names.${one}`)}
                </SectionLink>
              ))}
            </div>
          </section>
        ) : null}
      </nav>
      <div className={classes.main}>
        {mayOpen ? (
          <Section
            key={administered?.id}
            name={name}
            me={me}
            administered={administered}
            place={place}
            search={search}
          />
        ) : (
          <StatePage icon={<IconLock size={24} />} title={t('forbiddenTitle')} text={t('forbiddenInstallation')} />
        )}
      </div>
    </div>
  );
}

/** The workspace that is administered: the one that the address names, else the open one; null for none. */
function useAdministered(place: Place, of: string | undefined): { id: string; name: string } | null {
  const isOther = of !== undefined && of !== place.workspace?.id;
  const { data } = useQuery({ ...workspacesQuery, enabled: isOther });
  if (!isOther) return place.workspace;
  // Until its name is known it has none; what is in it is on its way already.
  return { id: of, name: data?.find(({ id }) => id === of)?.name ?? '…' };
}
