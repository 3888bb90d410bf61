"use client";

import { useMemo } from "react";
import type { PackedTokenPage, TokenPage } from "./token-page";

/** The page of tokens that the server sent as a text: the same object as long as the text is the same. */
export const useTokenPage = (packed: PackedTokenPage): TokenPage => useMemo(() => JSON.parse(packed), [packed]);
