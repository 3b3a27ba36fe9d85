const e=/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;function t(t){return/[^ -~]/.test(t)?t.replace(e,e=>`\\u{${e.codePointAt(0)?.toString(16)}}`):t}export{t};
