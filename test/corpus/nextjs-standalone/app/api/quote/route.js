import { quotes } from '../../../lib/quotes';
export const dynamic = 'force-dynamic';
export async function GET() { return Response.json((await quotes())[0]); }
