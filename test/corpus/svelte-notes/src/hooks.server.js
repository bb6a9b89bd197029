import { log } from "$lib/server/log.js";

export async function handle({ event, resolve }) {
  const response = await resolve(event);
  log.info({ path: event.url.pathname, status: response.status });
  return response;
}
