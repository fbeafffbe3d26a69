import { onCommand, readingHotkeys, runReadingCommand } from './commands';

describe('commands of the reading', () => {
  it('runs the handler told last, and none after it is withdrawn', () => {
    const calls: string[] = [];
    const first = onCommand('fit', () => calls.push('first'));
    const second = onCommand('fit', () => calls.push('second'));
    runReadingCommand('fit');
    first();
    runReadingCommand('fit');
    second();
    runReadingCommand('fit');
    expect(calls).toEqual(['second', 'second']);
  });

  it('gives every command a key of its own and a name that collides with none of the viewer', () => {
    const hotkeys = readingHotkeys();
    expect(new Set(hotkeys.flatMap(({ keys }) => keys)).size).toBe(hotkeys.length);
    expect(hotkeys.every(({ commandName }) => commandName.startsWith('myelon'))).toBe(true);
  });
});
