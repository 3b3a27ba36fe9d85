export{T as createMessage,D as readCleartextMessage,O as readKeys,k as readSignature,j as verify}from"./openpgp2.js";
