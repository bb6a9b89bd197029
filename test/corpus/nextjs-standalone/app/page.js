export default function Page() {
  return <main><h1>Quotes</h1><a href="/quotes">All of them</a></main>;
}
