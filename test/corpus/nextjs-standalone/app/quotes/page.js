import { quotes } from '../../lib/quotes';
export const dynamic = 'force-dynamic';
export default async function Quotes() {
  return <ul>{(await quotes()).map((each) => <li key={each.id} dangerouslySetInnerHTML={{ __html: each.html }} />)}</ul>;
}
