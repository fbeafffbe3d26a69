/** A stroke has ended when no button is down and nothing changed for this long: within a frame or two of letting go. */
const STROKE_END_MS = 40;

/** Calls back once per stroke of the mouse or pen, or of a key, however many changes it made. */
export function strokeEnd(onEnd: () => void): { changed(): void; forget(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let buttonDown = false;
  let pending = false;

  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (buttonDown || !pending) return;
      pending = false;
      onEnd();
    }, STROKE_END_MS);
  };
  const listen = (event: string, down: boolean) => {
    window.addEventListener(
      event,
      () => {
        buttonDown = down;
        if (!down && pending) wait();
      },
      { capture: true },
    );
  };
  listen('pointerdown', true);
  listen('pointerup', false);
  listen('pointercancel', false);

  return {
    changed() {
      pending = true;
      wait();
    },
    forget() {
      clearTimeout(timer);
      pending = false;
    },
  };
}
