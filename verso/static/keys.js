// Keys that people press with Ctrl or Command, on whatever keyboard they write with.

/** The Latin letter of a key: on a Russian, Greek or Arabic layout the one that is printed beside it. */
export function letter(event) {
  const isLatin = /^[a-z]$/i.test(event.key);
  return (isLatin ? event.key : event.code.replace(/^Key/, "")).toLowerCase();
}

/** Whether the key is pressed with Ctrl, or Command on a Mac, alone or with Shift. */
export function isCommand(event) {
  return (event.ctrlKey || event.metaKey) && !event.altKey;
}
