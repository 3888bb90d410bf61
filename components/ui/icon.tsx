import { cx } from "./cx";

/**
 * An icon of parts that are on every page. lucide's component makes an element for each shape each time, and the server sends
 * its data to the browser beside the markup; here the shapes are one text.
 *
 * @param of one of `icon-shapes.ts`.
 */
export function Icon({ of: shapes, className }: { of: string; className?: string }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 24 24"
      className={cx("icon", className)}
      // biome-ignore lint/security/noDangerouslySetInnerHtml: the text is a constant of a package
      dangerouslySetInnerHTML={{ __html: shapes }}
    />
  );
}
