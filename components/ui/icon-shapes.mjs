// lucide-react exports the shapes of each icon beside its component, without a type, so this is not TypeScript.

import { __iconData as appWindowData } from "lucide-react/icons/app-window";
import { __iconData as arrowDownData } from "lucide-react/icons/arrow-down";
import { __iconData as arrowUpData } from "lucide-react/icons/arrow-up";
import { __iconData as chevronDownData } from "lucide-react/icons/chevron-down";
import { __iconData as chevronsUpDownData } from "lucide-react/icons/chevrons-up-down";
import { __iconData as circleExclamationPointData } from "lucide-react/icons/circle-exclamation-point";
import { __iconData as circleUserRoundData } from "lucide-react/icons/circle-user-round";
import { __iconData as columns3Data } from "lucide-react/icons/columns-3";
import { __iconData as keyRoundData } from "lucide-react/icons/key-round";
import { __iconData as layersData } from "lucide-react/icons/layers";
import { __iconData as listChecksData } from "lucide-react/icons/list-checks";
import { __iconData as logOutData } from "lucide-react/icons/log-out";
import { __iconData as menuData } from "lucide-react/icons/menu";
import { __iconData as monitorData } from "lucide-react/icons/monitor";
import { __iconData as moonData } from "lucide-react/icons/moon";
import { __iconData as plusData } from "lucide-react/icons/plus";
import { __iconData as scrollTextData } from "lucide-react/icons/scroll-text";
import { __iconData as searchData } from "lucide-react/icons/search";
import { __iconData as searchXData } from "lucide-react/icons/search-x";
import { __iconData as sunData } from "lucide-react/icons/sun";
import { __iconData as userCogData } from "lucide-react/icons/user-cog";
import { __iconData as usersData } from "lucide-react/icons/users";
import { __iconData as xData } from "lucide-react/icons/x";

export const appWindow = textOf(appWindowData);
export const arrowDown = textOf(arrowDownData);
export const arrowUp = textOf(arrowUpData);
export const chevronDown = textOf(chevronDownData);
export const chevronsUpDown = textOf(chevronsUpDownData);
export const circleExclamationPoint = textOf(circleExclamationPointData);
export const circleUserRound = textOf(circleUserRoundData);
export const columns3 = textOf(columns3Data);
export const keyRound = textOf(keyRoundData);
export const layers = textOf(layersData);
export const listChecks = textOf(listChecksData);
export const logOut = textOf(logOutData);
export const menu = textOf(menuData);
export const monitor = textOf(monitorData);
export const moon = textOf(moonData);
export const plus = textOf(plusData);
export const scrollText = textOf(scrollTextData);
export const search = textOf(searchData);
export const searchX = textOf(searchXData);
export const sun = textOf(sunData);
export const userCog = textOf(userCogData);
export const users = textOf(usersData);
export const x = textOf(xData);

/** @param {{ node: [tag: string, attributes: Record<string, string>][] }} icon @returns {string} the shapes as SVG */
function textOf({ node }) {
  return node.map(([tag, { key, ...attributes }]) => `<${tag}${attributesOf(attributes)}/>`).join("");
}

/** @param {Record<string, string>} attributes */
function attributesOf(attributes) {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${value}"`)
    .join("");
}
