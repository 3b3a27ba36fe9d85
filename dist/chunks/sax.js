import{t as e}from"./sax2.js";export default e();export{};
