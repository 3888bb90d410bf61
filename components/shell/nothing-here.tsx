"use client";

import { ButtonLink } from "@/components/ui/button-link";
import { Message } from "./message-page";

/**
 * The not-found page. It is the same for a missing object and for one that the user may not see. Next.js sends it with every
 * page, so it is a component of the browser without properties.
 */
export function NothingHere() {
  const home = (
    <ButtonLink href="/" variant="primary">
      Go to home page
    </ButtonLink>
  );
  return (
    <Message title="Page not found, or you don't have access" action={home}>
      Check the URL, or ask the person who sent you this link.
    </Message>
  );
}
