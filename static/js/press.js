// The person has come by a link that says what they want: the button need not be pressed.
document.querySelector("form[data-press]")?.requestSubmit();
