import{t as e}from"./@sigstore/tuf.js";export default e();export{};
