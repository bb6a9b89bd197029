export const metadata = { title: 'Quotes' };
export default function Layout({ children }) {
  return <html lang="en"><body>{children}</body></html>;
}
