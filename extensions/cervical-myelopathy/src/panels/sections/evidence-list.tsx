import { EVIDENCE } from '@myelon/prognosis';
import { WORDS } from '../../words/en';

/** What speaks for and against reading recovery from FA and f, with sources. */
export function EvidenceList(): React.JSX.Element {
  const [pro, contra] = (['for', 'against'] as const).map((way) =>
    EVIDENCE.filter(({ direction }) => direction === way),
  );
  return (
    <details className="myelon-details" data-evidence>
      <summary>{WORDS.evidence.title(pro?.length ?? 0, contra?.length ?? 0)}</summary>
      <Side title={WORDS.evidence.for} items={pro ?? []} />
      <Side title={WORDS.evidence.against} items={contra ?? []} />
    </details>
  );
}

function Side({ title, items }: { title: string; items: typeof EVIDENCE }): React.JSX.Element {
  return (
    <>
      <h3>{title}</h3>
      <ul className="myelon-list">
        {items.map(({ finding, source }) => (
          <li key={finding}>
            {finding} <small className="myelon-quiet">{source}</small>
          </li>
        ))}
      </ul>
    </>
  );
}
