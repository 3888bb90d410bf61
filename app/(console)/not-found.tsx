import { NothingHere } from "@/components/shell/message-page";
import { ButtonLink } from "@/components/ui/button-link";

export const metadata = { title: "Page not found" };

export default function NotFound() {
  return (
    <NothingHere
      action={
        <ButtonLink href="/" variant="primary">
          Go to home page
        </ButtonLink>
      }
    />
  );
}
