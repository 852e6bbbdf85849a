// Makes a chosen photograph smaller before it is sent: a phone's twelve megabytes become half of one.
const ENOUGH_BYTES = 3_000_000;
const originals = new WeakMap();

const put = (input, file) => {
  const transfer = new DataTransfer();
  transfer.items.add(file);
  input.files = transfer.files;
};

async function smaller(file, longSide) {
  // What this browser cannot decode (HEIC in most of them) goes as it is: the server can.
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => null);
  if (!bitmap) return { file, drawable: false };
  const factor = Math.min(1, longSide / Math.max(bitmap.width, bitmap.height));
  if (factor === 1 && file.size <= ENOUGH_BYTES) return { file, drawable: true };
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * factor);
  canvas.height = Math.round(bitmap.height * factor);
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.9));
  if (!blob || blob.size >= file.size) return { file, drawable: true };
  const name = file.name.replace(/\.[^.]*$/, "") + ".jpg";
  return { file: new File([blob], name, { type: "image/jpeg" }), drawable: true };
}

document.addEventListener("change", async (event) => {
  const input = event.target;
  const form = input.form;
  if (input.name === "photo" && input.dataset.longSide && input.files[0]) {
    const original = input.files[0];
    const { file, drawable } = await smaller(original, Number(input.dataset.longSide));
    originals.set(input, original);
    // A label file's box is in the original's pixels.
    if (file !== original && !form.elements.annotation?.files.length) put(input, file);
    form.dispatchEvent(new CustomEvent("photo-chosen", { detail: { file, drawable } }));
  }
  if (input.name === "annotation" && input.files.length) {
    const photo = form.elements.photo;
    if (originals.has(photo)) put(photo, originals.get(photo));
  }
});
