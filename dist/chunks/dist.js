import{n as e}from"./@sigstore/bundle.js";export default e();export{};
