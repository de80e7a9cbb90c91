// Starts the program in a thread of its own, where it opens files of questions.

const viva = await import("../viva.js");
await viva.default();
