"use client";

import { FolderPlus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Button } from "@/components/ui/button";

const loadDialog = () => import("./new-repository-dialog");
const NewRepositoryDialog = lazy(loadDialog);

/** The button that creates a repository, with its dialog. */
export function NewRepository({ variant }: { variant?: "primary" }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button
        variant={variant}
        icon={<FolderPlus aria-hidden />}
        onPointerEnter={loadDialog}
        onFocus={loadDialog}
        onClick={() => setOpen(true)}
      >
        New repository…
      </Button>
      {isOpen && (
        <Suspense>
          <NewRepositoryDialog onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
