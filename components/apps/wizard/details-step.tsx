import { Field } from "@/components/forms/field";
import { Input, selectText, Textarea } from "@/components/forms/input";
import { useOrigin } from "@/components/ui/use-origin";
import { appPath } from "../cells";
import { slugOf } from "./draft";
import type { StepProps } from "./step-props";

/** The app's name, URL and description. */
export function DetailsStep({ draft, isCopy, change, problems }: StepProps) {
  const origin = useOrigin();
  const slug = slugOf(draft);
  return (
    <>
      <Field
        label="Name"
        hint="Shown to visitors as the title. The app's token gets the same name."
        error={problems.name}
      >
        <Input
          ref={isCopy ? selectText : undefined}
          name="name"
          autoComplete="off"
          maxLength={100}
          placeholder="Earthquakes near you"
          value={draft.name}
          onChange={(event) => change({ name: event.target.value })}
        />
      </Field>
      <Field
        label="URL name"
        hint={
          <>
            The app's URL will be{" "}
            <span className="break-all">
              {origin}
              {appPath(slug || "…")}
            </span>
            . You can't change it later.
          </>
        }
        error={problems.slug}
      >
        <Input
          name="slug"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={60}
          className="font-mono"
          value={slug}
          onChange={(event) => change({ slug: event.target.value === "" ? null : event.target.value.toLowerCase() })}
        />
      </Field>
      <Field
        label="Description"
        optional
        hint="Shown to visitors under the title. What does the app do, and with which data?"
        error={problems.description}
      >
        <Textarea
          name="description"
          maxLength={500}
          value={draft.description}
          onChange={(event) => change({ description: event.target.value })}
        />
      </Field>
    </>
  );
}
