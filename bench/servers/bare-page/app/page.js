// The rows and columns of Manage Tokens as text: no components of the browser, no styles, no database.

export const dynamic = "force-dynamic";

const heads = ["Name", "Token", "Permissions", "Created", "Expires", "Last used", "Status"];

const rowsOf = (status, expires) =>
  Array.from({ length: 25 }, (_, index) => [
    `bench 0 ${index + 1}`,
    `tsa_…${String(index + 1000).slice(-4)}`,
    "jobs:access",
    `${index + 1} minutes ago`,
    expires,
    "Never",
    status,
  ]);

const tables = [
  { title: "Active tokens", rows: rowsOf("Active", "in 30 days") },
  { title: "Expired tokens", rows: rowsOf("Expired", "yesterday") },
];

export default function Page() {
  return (
    <main>
      <h1>API Tokens</h1>
      {tables.map(({ title, rows }) => (
        <section key={title}>
          <h2>{title}</h2>
          <table>
            <thead>
              <tr>
                {heads.map((head) => (
                  <th key={head}>{head}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row[0]}>
                  {row.map((text, index) => (
                    <td key={heads[index]}>{text}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ))}
    </main>
  );
}
