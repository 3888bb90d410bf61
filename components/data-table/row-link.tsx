import type { ComponentProps } from "react";

/** A link in a row of a `DataTable`, whose `useRowLinks` follows it within the application. */
export const RowLink = (props: ComponentProps<"a"> & { href: string }) => <a data-row-link="" {...props} />;
