import{t as e}from"./@sigstore/bundle.js";export default e();export{};
