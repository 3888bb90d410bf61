import { problems } from "@/lib/http/dialect";

/** Lists the errors. The `type` of a problem document links to them. */
export function Problems() {
  return (
    <section aria-labelledby="problems" className="flex flex-col gap-3">
      <h2 id="problems" className="border-b border-line pb-2 text-lg font-semibold">
        Errors
      </h2>
      <p className="max-w-prose">
        Errors are returned as problem documents (RFC 9457,{" "}
        <code className="font-mono text-sm">application/problem+json</code>). Its{" "}
        <code className="font-mono text-sm">detail</code> says what to do, and its{" "}
        <code className="font-mono text-sm">field</code> names the part of the request that is wrong.
      </p>
      <dl className="grid grid-cols-[3rem_1fr] gap-y-1">
        {Object.entries({
          ...problems,
          internal: { status: 500, title: "Internal server error" },
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
