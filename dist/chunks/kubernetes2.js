export{t as image,n as imagesOfPod,r as objectType,i as reader}from"./kubernetes.js";
