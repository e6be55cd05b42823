// Buttons that copy what stands beside them; the pages work without.
for (const button of document.querySelectorAll("[data-copies]")) {
  const source = document.querySelector(`[data-testid="${button.dataset.copies}"]`);
  const status = button.parentElement.querySelector("[role=status]");
  if (!navigator.clipboard) continue; // only on https and on localhost
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(source.dataset.secret);
    status.textContent = "Copied.";
    button.dataset.copied = "";
    setTimeout(() => {
      status.textContent = "";
      delete button.dataset.copied;
    }, 2000);
  });
}
