import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "./cx";

const tones = {
  info: { box: "border-line bg-sunken", icon: <Info aria-hidden className="text-muted" /> },
  ok: { box: "border-ok/30 bg-ok-wash", icon: <CircleCheck aria-hidden className="text-ok" /> },
  warn: { box: "border-warn/30 bg-warn-wash", icon: <TriangleAlert aria-hidden className="text-warn" /> },
  bad: { box: "border-bad/30 bg-bad-wash", icon: <CircleAlert aria-hidden className="text-bad" /> },
};

/** An important message in the flow of the page. Screen readers announce `warn` and `bad` when they appear. */
export function Notice({
  tone = "info",
  title,
  className,
  children,
}: {
  tone?: keyof typeof tones;
  title?: ReactNode;
  className?: string;
  children?: ReactNode;
}) {
  const { box, icon } = tones[tone];
  return (
    <div
      role={tone === "bad" || tone === "warn" ? "alert" : undefined}
      className={cx(
        "flex gap-2 rounded border px-3 py-2 [&>svg]:mt-0.5 [&>svg]:size-4 [&>svg]:shrink-0",
        box,
        className,
      )}
    >
      {icon}
      <div className="min-w-0 flex-1 break-words">
        {title && <p className="font-medium">{title}</p>}
        {children}
      </div>
    </div>
  );
}
