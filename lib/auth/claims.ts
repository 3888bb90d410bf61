import { personName } from "../fields";
import { visibleText } from "../text";
import type { ProvidedIdentity } from "../users/identities";
import type { IdentityClaims } from "./identity-provider";

/** Who the provider says that a person is, for an account (OpenID Connect Core 5.1). A claim that is no text, or is
 * empty, too long or unprintable as a name, counts as missing. */
export function identityOf(claims: IdentityClaims): ProvidedIdentity {
  const text = (claim: string) => readableText(claims[claim]);
  const preferred = text("preferred_username");
  const nickname = text("nickname");
  const mailbox = text("email")?.split("@")[0];
  const parts = [text("given_name"), text("family_name")].filter((part) => part !== undefined);
  const name = text("name") ?? readableText(parts.join(" "));
  return {
    identity: `${claims.iss}|${claims.sub}`,
    userNames: [preferred, nickname, mailbox, name].filter((each) => each !== undefined),
    fullName: name ?? nickname ?? preferred ?? null,
  };
}

function readableText(value: unknown): string | undefined {
  if (typeof value !== "string" || /\p{Cc}/u.test(value)) return undefined;
  return personName.safeParse(visibleText(value)).data;
}
