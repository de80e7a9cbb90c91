// Starts the page's program, and says in words when it cannot start.

const showFailure = (error) => {
  const status = document.getElementById("boot-status");
  if (!status) {
    return; // The program has taken over the page, and shows its own errors.
  }
  const reason =
    typeof WebAssembly === "object"
      ? "Viva could not start. Please reload the page; if that does not help, try a current browser."
      : "Viva needs WebAssembly, which this browser does not have or has switched off.";
  status.setAttribute("role", "alert");
  status.textContent = `${reason} (${error?.message ?? error})`;
};

try {
  const viva = await import("../viva.js");
  await viva.default();
} catch (error) {
  showFailure(error);
  throw error;
}
