// Says at once what a point of the map is; without it the browser's own titles do, later.
(() => {
  const tip = document.getElementById("tip");
  const map = document.querySelector(".map svg");
  if (!tip || !map) return;
  const say = (event) => {
    const title = event.target.querySelector && event.target.querySelector(":scope > title");
    if (!title || event.target === map) { tip.style.display = "none"; return; }
    tip.textContent = title.textContent;
    tip.style.display = "block";
    const box = tip.getBoundingClientRect();
    tip.style.left = Math.max(8, Math.min(event.clientX + 14, innerWidth - box.width - 8)) + "px";
    tip.style.top = Math.max(8, event.clientY - box.height - 12) + "px";
  };
  map.addEventListener("pointermove", say);
  map.addEventListener("pointerdown", say);
  map.addEventListener("pointerleave", () => { tip.style.display = "none"; });
})();
