// A list of suggestions completes a whole field: here each one carries the tags written before it.
const field = document.getElementById("tags");
const options = [...(field?.list?.options ?? [])];
const names = options.map((option) => option.value);

field?.addEventListener("input", () => {
  const written = field.value.slice(0, field.value.lastIndexOf(",") + 1);
  const start = written && `${written} `;
  options.forEach((option, i) => (option.value = start + names[i]));
});
