// The emulator on a port of the system's choice. EMULATE names its entry file: it lies outside of the tree.
const { createEmulator } = await import(process.env.EMULATE);

let told = "";
for await (const chunk of process.stdin) {
  told += chunk;
  if (told.endsWith("\n")) break;
}
const emulator = await createEmulator({ service: "github", port: 0, seed: JSON.parse(told) });
console.log(emulator.url);
