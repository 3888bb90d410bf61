import { NothingHere } from "@/components/shell/message";
import { ButtonLink } from "@/components/ui/button-link";

export default function NotFound() {
  return (
    <NothingHere
      action={
        <ButtonLink href="/" variant="primary">
          Go to the start page
        </ButtonLink>
      }
    />
  );
}
