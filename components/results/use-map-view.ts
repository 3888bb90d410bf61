import { type KeyboardEvent, type PointerEvent, type RefObject, useEffect, useRef, useState } from "react";
import type { Size } from "./map-projection";
import { fittedView, type MapView, moveView, zoomView } from "./map-view";

type Spot = readonly [x: number, y: number];

const keyStepPx = 48;

/**
 * Keeps the view of a map. Dragging with the mouse, two fingers, arrow keys, plus, minus and 0 change it. The wheel zooms
 * only with Ctrl or Cmd, so that it scrolls the page otherwise.
 */
export function useMapView(element: RefObject<HTMLElement | null>, size: Size | null) {
  const [view, setView] = useState<MapView>(fittedView);
  const pointers = useRef(new Map<number, Spot>());
  const hasDragged = useRef(false);

  const zoomBy = (factor: number) => size && setView((now) => zoomView(now, factor, [size[0] / 2, size[1] / 2], size));

  // React's wheel listener is passive, and a passive listener cannot stop the browser from zooming the page.
  useEffect(() => {
    const map = element.current;
    if (!map || !size) return;
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const box = map.getBoundingClientRect();
      const at: Spot = [event.clientX - box.left, event.clientY - box.top];
      setView((now) => zoomView(now, 2 ** (-event.deltaY / 120), at, size));
    };
    map.addEventListener("wheel", onWheel, { passive: false });
    return () => map.removeEventListener("wheel", onWheel);
  }, [element, size]);

  function onPointerDown(event: PointerEvent<HTMLElement>) {
    if (event.button !== 0) return;
    hasDragged.current = false;
    pointers.current.set(event.pointerId, [event.clientX, event.clientY]);
  }

  function onPointerMove(event: PointerEvent<HTMLElement>) {
    const from = pointers.current.get(event.pointerId);
    if (!from || !size) return;
    const to: Spot = [event.clientX, event.clientY];
    const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1];
    if (!other && event.pointerType === "touch") return;
    if (!hasDragged.current && distance(from, to) < 4) return;
    hasDragged.current = true;
    event.currentTarget.setPointerCapture(event.pointerId);
    pointers.current.set(event.pointerId, to);
    const box = event.currentTarget.getBoundingClientRect();
    setView((now) =>
      other ? pinchView(now, other, from, to, box, size) : moveView(now, to[0] - from[0], to[1] - from[1], size),
    );
  }

  const onPointerEnd = (event: PointerEvent<HTMLElement>) => pointers.current.delete(event.pointerId);

  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    const act = actionOf(event.key);
    if (!act || !size || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    setView((now) => act(now, size));
  }

  return {
    view,
    setView,
    zoomBy,
    /** Tells the end of a drag from a click. */
    hasDragged,
    handlers: {
      onPointerDown,
      onPointerMove,
      onPointerUp: onPointerEnd,
      onPointerCancel: onPointerEnd,
      onPointerLeave: onPointerEnd,
      onKeyDown,
    },
  };
}

function actionOf(key: string): ((view: MapView, size: Size) => MapView) | undefined {
  const move = (x: number, y: number) => (view: MapView, size: Size) =>
    moveView(view, x * keyStepPx, y * keyStepPx, size);
  const zoom = (factor: number) => (view: MapView, size: Size) =>
    zoomView(view, factor, [size[0] / 2, size[1] / 2], size);
  switch (key) {
    case "ArrowLeft":
      return move(1, 0);
    case "ArrowRight":
      return move(-1, 0);
    case "ArrowUp":
      return move(0, 1);
    case "ArrowDown":
      return move(0, -1);
    case "+":
    case "=":
      return zoom(1.5);
    case "-":
      return zoom(1 / 1.5);
    case "0":
      return () => fittedView;
  }
}

function pinchView(view: MapView, other: Spot, from: Spot, to: Spot, box: DOMRect, size: Size): MapView {
  const middle: Spot = [(other[0] + to[0]) / 2 - box.left, (other[1] + to[1]) / 2 - box.top];
  const factor = distance(other, to) / Math.max(1, distance(other, from));
  return moveView(zoomView(view, factor, middle, size), (to[0] - from[0]) / 2, (to[1] - from[1]) / 2, size);
}

const distance = ([x1, y1]: Spot, [x2, y2]: Spot) => Math.hypot(x2 - x1, y2 - y1);
