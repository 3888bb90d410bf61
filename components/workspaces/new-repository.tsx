"use client";

import { FolderPlus } from "lucide-react";
import { useState } from "react";
import { part } from "@/components/parts/part";
import { Button } from "@/components/ui/button";

const NewRepositoryDialog = part(() => import("./new-repository-dialog"), { onClose: ({ onClose }) => onClose() });

/** The button that creates a repository, with its dialog. */
export function NewRepository({ variant }: { variant?: "primary" }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button
        variant={variant}
        icon={<FolderPlus aria-hidden />}
        onPointerEnter={NewRepositoryDialog.preload}
        onFocus={NewRepositoryDialog.preload}
        onClick={() => setOpen(true)}
      >
        New repository…
      </Button>
      {isOpen && <NewRepositoryDialog onClose={() => setOpen(false)} />}
    </>
  );
}
