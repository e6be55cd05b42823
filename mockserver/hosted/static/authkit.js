// Buttons that copy what stands beside them; the pages work without.
for (const button of document.querySelectorAll("[data-copies]")) {
  const source = document.getElementById(button.dataset.copies);
  const status = button.parentElement.querySelector("[role=status]");
  if (!navigator.clipboard) continue; // only on https and on localhost
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(source.dataset.secret);
    status.textContent = "Copied.";
    button.textContent = "Copied";
    setTimeout(() => {
      status.textContent = "";
      button.textContent = "Copy";
    }, 2000);
  });
}
