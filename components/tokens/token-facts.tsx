import Link from "next/link";
import { RelativeTime } from "@/components/ui/relative-time";
import { Card, Fact, Facts } from "@/components/ui/section";
import type { TokenView } from "@/lib/tokens/schema";
import { Expires, Hint, LastUsed } from "./cells";

/** The properties of a token that cannot be edited. */
export function TokenFacts({ token }: { token: TokenView }) {
  return (
    <Card>
      <Facts>
        <Fact name="Token">
          <Hint token={token} />
        </Fact>
        {token.app && (
          <Fact name="App">
            <Link
              href={`/apps/${token.app.slug}`}
              className="inline-flex min-h-6 items-center rounded-[4px] text-clay-ink underline underline-offset-2"
            >
              /a/{token.app.slug}
            </Link>
          </Fact>
        )}
        <Fact name={token.kind === "session" ? "Signed in" : "Created"}>
          <RelativeTime at={token.createdAt} />
        </Fact>
        <Fact name={endLabel(token)}>
          <Expires token={token} />
        </Fact>
        <Fact name="Last used">
          <LastUsed token={token} />
        </Fact>
      </Facts>
    </Card>
  );
}

function endLabel({ kind, state }: TokenView): string {
  if (state !== "expired") return "Expires";
  return kind === "session" ? "Signed out" : "Expired";
}
