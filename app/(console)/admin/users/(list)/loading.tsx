import { Skeleton, TableSkeleton } from "@/components/ui/skeleton";

/** A placeholder for the users. */
export default function Loading() {
  return (
    <>
      <div className="flex h-21 flex-col justify-center gap-3">
        <Skeleton className="h-6 w-32" />
        <Skeleton className="h-4 w-80 max-w-full" />
      </div>
      <Skeleton className="h-8 w-80 max-w-full" />
      <TableSkeleton rows={6} />
    </>
  );
}
