// Runs before the first paint, so that a stored choice of light or dark never flashes the other one.
try {
  const theme = localStorage.getItem("doorbuster.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is off: the system's preference holds.
}
