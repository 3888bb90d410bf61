import { problems } from "@/lib/http/dialect";

/** Where the `type` of a problem document points to. */
export function Problems() {
  return (
    <section aria-labelledby="problems" className="flex flex-col gap-3">
      <h2 id="problems" className="border-b border-line pb-2 text-lg font-semibold">
        Problems
      </h2>
      <p className="max-w-prose">
        Every refusal is a problem document (RFC 9457,{" "}
        <code className="font-mono text-sm">application/problem+json</code>). Its{" "}
        <code className="font-mono text-sm">detail</code> says what to do, its{" "}
        <code className="font-mono text-sm">field</code> where in the request.
      </p>
      <dl className="grid grid-cols-[3rem_1fr] gap-y-1">
        {Object.entries({
          ...problems,
          internal: { status: 500, title: "A fault of the server, not of the request" },
        }).map(([code, { status, title }]) => (
          <div key={code} id={`problem-${code}`} className="col-span-2 grid scroll-mt-4 grid-cols-subgrid">
            <dt className="font-medium tabular-nums">{status}</dt>
            <dd>{title}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
