import{n as e}from"./discord.js.js";export default e();export{};
