import { RelativeTime } from "@/components/ui/relative-time";
import { Card, Fact, Facts } from "@/components/ui/section";
import type { TokenView } from "@/lib/tokens/schema";
import { Expires, Hint, LastUsed } from "./cells";

/** What is known of a token and cannot be edited. */
export function TokenFacts({ token }: { token: TokenView }) {
  return (
    <Card>
      <Facts>
        <Fact name="Value">
          <Hint token={token} />
        </Fact>
        <Fact name={token.kind === "session" ? "Signed in" : "Created"}>
          <RelativeTime at={token.createdAt} />
        </Fact>
        <Fact name={token.state === "expired" ? "Expired" : "Expires"}>
          <Expires token={token} />
        </Fact>
        <Fact name="Last used">
          <LastUsed token={token} />
        </Fact>
      </Facts>
    </Card>
  );
}
